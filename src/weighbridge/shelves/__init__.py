"""Data that readers may copy and change: cases, precedents, prices, rule packs, languages."""
