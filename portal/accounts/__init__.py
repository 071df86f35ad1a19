"""Accounts: login, sessions, one-time codes, roles with their scope."""
