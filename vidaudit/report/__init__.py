"""From verdicts to what people and machines read: JSON, HTML, spreadsheets, a terminal table, a manifest."""
