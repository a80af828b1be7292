"""How good are the answers: question suites, figures with intervals, stored runs, comparisons."""
