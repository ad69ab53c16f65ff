"""The registry of languages, from the packages and files that hold it."""
