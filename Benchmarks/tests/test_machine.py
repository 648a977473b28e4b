import unittest

from bench.machine import StolenTime


class Stolen(unittest.TestCase):
    def test_shares_are_of_all_cores(self):
        stolen = watched([(0, 5.0), (1, 5.1), (2, 6.1), (10, 6.1)])
        self.assertAlmostEqual(stolen.share, 1.1 / 20)
        self.assertAlmostEqual(stolen.worst_share, 0.5)

    def test_a_short_rest_is_no_second(self):
        stolen = watched([(0, 0.0), (1, 0.2), (1.01, 0.22)])
        self.assertAlmostEqual(stolen.worst_share, 0.1)
        self.assertAlmostEqual(stolen.share, 0.22 / 2.02)

    def test_a_block_shorter_than_a_period_has_one_share(self):
        self.assertAlmostEqual(watched([(0, 1.0), (0.1, 1.1)]).worst_share, 0.5)

    def test_a_stretch_is_touched_by_what_was_taken_in_it_or_just_before(self):
        stolen = watched([(0, 0.0), (0.1, 0.0), (0.2, 0.3), (0.3, 0.3), (0.4, 0.3), (0.5, 0.3), (0.6, 0.4)])
        # From the look before the stretch began, less a period, to the first one behind its end.
        self.assertAlmostEqual(stolen.share_between(0, 0.25), 0.3 / 0.6)
        self.assertAlmostEqual(stolen.share_between(0.15, 0.25), 0.3 / 0.6)
        self.assertAlmostEqual(stolen.share_between(0.25, 0.35), 0.3 / 0.6)
        self.assertEqual(stolen.share_between(0.35, 0.45), 0)
        self.assertAlmostEqual(stolen.share_between(0.35, 9), 0.1 / 0.8)
        self.assertEqual(stolen.share_between(-5, 0.05), 0)

    def test_the_worst_second_is_one_of_several_short_looks(self):
        looks = [(tenth / 10, 0.02 if tenth > 4 else 0.0) for tenth in range(11)] + [(1.1 + 0.1, 0.52), (2, 0.52)]
        self.assertAlmostEqual(watched(looks).worst_share, 0.25)

    def test_this_machine_can_be_read(self):
        with StolenTime() as stolen:
            pass
        self.assertGreaterEqual(stolen.share, 0)


def watched(points: list[tuple[float, float]]) -> StolenTime:
    """A machine of two cores, noted at these moments with so many seconds taken of it."""
    moments, taken = iter([at for at, _ in points]), iter([value for _, value in points])
    stolen = StolenTime(read=lambda: next(taken), clock=lambda: next(moments), cores=2)
    for _ in points:
        stolen.note()
    return stolen


if __name__ == "__main__":
    unittest.main()
