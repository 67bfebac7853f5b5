"""Which sources can be seen from where somebody stands, and the settings file that names them."""
