"""Meetings, with the tables of what a meeting shows: its agenda, its participations, its history."""
