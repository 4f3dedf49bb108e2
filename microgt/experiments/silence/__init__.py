"""Interventions on a trained model: what the answers lose when a part of it is silent, without training again."""
