"""The pages of before a meeting: an agency's answers, who has not answered, and the chair's pack."""
