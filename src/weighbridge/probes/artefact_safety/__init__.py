"""Whether files hold code, secrets, or licences that contradict each other."""
