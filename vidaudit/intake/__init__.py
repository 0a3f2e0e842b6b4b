"""From what a school hands in (folder, ISO or ZIP) to class folders, days, clips and rosters."""
