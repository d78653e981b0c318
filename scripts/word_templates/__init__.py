"""Builds the Word templates that ship with the service: `python -m scripts.word_templates [FOLDER]`."""
