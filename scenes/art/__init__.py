"""How the library's pictures and sounds are made; runs when the package is built, never later."""
