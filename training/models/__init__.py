"""The four networks, with the parameter names of their well-known counterparts."""
