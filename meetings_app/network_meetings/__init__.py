"""The network meeting: its agenda, held item by item, its decisions, actions and minutes."""
