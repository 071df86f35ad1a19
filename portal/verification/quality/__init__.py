"""How well and how fast items are decided: second looks, figures, and the owner's honest wait."""
