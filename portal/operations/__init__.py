"""Running the portal: commands, health, logs and metrics, nightly work, backup, reconciliation."""
