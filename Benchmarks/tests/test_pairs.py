import math
import unittest

from bench.pairs import Compared, bound_ratio, median, order, quantile, run_pairs, spread
from bench.sample import Sample


class Quantiles(unittest.TestCase):
    def test_median_of_odd_and_even_counts(self):
        self.assertEqual(median([3, 1, 2]), 2)
        self.assertEqual(median([4, 1, 3, 2]), 2.5)
        self.assertEqual(median([7]), 7)

    def test_quartiles_are_linear_between_ranks(self):
        self.assertEqual(quantile([1, 2, 3, 4, 5], 0.25), 2)
        self.assertAlmostEqual(quantile([1, 2, 3, 4], 0.75), 3.25)

    def test_nothing_has_no_median(self):
        with self.assertRaises(ValueError):
            median([])

    def test_spread(self):
        found = spread([5, 1, 3, 2, 4])
        self.assertEqual(
            (found.minimum, found.lower_quartile, found.median, found.upper_quartile, found.maximum), (1, 2, 3, 4, 5)
        )
        self.assertEqual(found.json(), {"minimum": 1, "lower_quartile": 2, "upper_quartile": 4, "maximum": 5})


class Pairs(unittest.TestCase):
    def test_sides_take_turns_at_being_first(self):
        self.assertEqual(order(3), [("ours", "peer"), ("peer", "ours"), ("ours", "peer")])

    def test_each_pair_has_one_run_of_each_side(self):
        calls = []

        def side(name, figures):
            left = iter(figures)

            def measure():
                calls.append(name)
                return Sample(per_second=next(left))

            return measure

        compared = run_pairs(3, side("a", [10, 30, 20]), side("b", [10, 10, 40]))
        self.assertEqual("".join(calls), "abbaab")
        self.assertEqual(compared.ratios, [1, 3, 0.5])

    def test_ratio_is_the_median_of_the_ratios(self):
        ours = [Sample(per_second=value) for value in (100, 10, 1000)]
        peer = [Sample(per_second=value) for value in (100, 5, 4000)]
        # The ratio of the medians would be 1.
        self.assertEqual(Compared(ours, peer).ratio.median, 1)
        self.assertEqual(Compared(ours[1:], peer[1:]).ratio.median, 1.125)


class Bounds(unittest.TestCase):
    def test_larger_is_better(self):
        self.assertEqual(bound_ratio(5, 2.5), 2)
        self.assertEqual(bound_ratio(300, 600), 0.5)
        self.assertEqual(bound_ratio(20, 0), math.inf)
        with self.assertRaises(ValueError):
            bound_ratio(0, 1)
