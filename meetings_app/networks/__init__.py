"""Networks, suspects, places and what links them: what the CSE network meeting is about."""
