"""Hard days: kills, load and hostile files against a portal that really runs (`make drill`)."""
