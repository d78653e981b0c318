"""Spreadsheets in and out: bytes to tables and back; knows no database and no web."""
