"""Source plug-ins, each in a module or package of its own; entry points name them."""
