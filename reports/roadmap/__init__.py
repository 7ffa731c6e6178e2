"""The roadmap of what is left to do: page, workbook and JSON, all from one plan."""
