"""Minutes on their way from draft to signed: edited, issued, corrected, signed, and amended afterwards."""
