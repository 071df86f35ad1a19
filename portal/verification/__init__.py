"""The queue of the verifikator: claims, decisions, and what they write."""
