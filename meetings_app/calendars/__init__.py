"""Facts of a meeting in, iCalendar bytes out. Knows neither the web nor the database."""
