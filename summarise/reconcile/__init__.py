"""Reconcile: what the notes of all articles say, each thing once."""
