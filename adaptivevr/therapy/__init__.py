"""Protocols as data and the transparent controllers that play them."""
