"""The harness: cases, verdicts and reports for any Gen-3 Butler."""
