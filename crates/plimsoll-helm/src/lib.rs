//! What `helm template` does: charts, values, rendering, document order and printing.
