"""Scenes: deterministic, split without overlap, captions true of their scene. Run: python3 -m unittest discover -s training/tests -t ."""
import unittest

import torch

from training.captions import CONTEXT, Grammar, describe, encode, truth, vocabulary
from training.domain import COLUMN, IMAGE, SIZE_PX
from training.optimise import tasks
from training.scenes import Composer, combination, is_held_out, sample_labels


class Scenes(unittest.TestCase):
    def test_a_scene_is_a_function_of_seed_and_number(self):
        self.assertTrue(torch.equal(sample_labels(5, 100, 50), sample_labels(5, 0, 200)[100:150]))
        self.assertFalse(torch.equal(sample_labels(6, 100, 50), sample_labels(5, 100, 50)))

    def test_no_held_out_combination_is_trained_on(self):
        fields = [COLUMN[n] for n in ("subject", "style", "background", "light", "size", "focus")]
        keys = lambda labels: set(map(tuple, labels[:, fields].tolist()))
        train, held = sample_labels(1, 0, 200_000), sample_labels(20_261, 0, 1000, held_out=True)
        self.assertFalse(is_held_out(train).any())
        self.assertTrue(is_held_out(held).all())
        self.assertFalse(keys(train) & keys(held))

    def test_settings_are_chosen_on_other_scenes_than_figures_rest_on(self):
        (held, *_), (tuning, *_) = tasks(64), tasks(48, "tuning")
        self.assertEqual((len(held), len(tuning)), (64, 48))
        self.assertTrue(is_held_out(tuning).all())
        self.assertFalse(torch.isin(combination(tuning), combination(held)).any())

    def test_every_sprite_lies_inside_the_picture(self):
        labels = sample_labels(3, 0, 20_000)
        size = torch.tensor(SIZE_PX)[labels[:, COLUMN["size"]]]
        for axis in ("x", "y"):
            at = labels[:, COLUMN[axis]]
            self.assertTrue((at >= 0).all() and (at + size <= IMAGE).all())

    def test_pictures_are_in_range_and_repeatable(self):
        labels, composer = sample_labels(3, 0, 32), Composer()
        picture, cover = composer(labels)
        self.assertEqual(tuple(picture.shape), (32, 3, IMAGE, IMAGE))
        self.assertTrue((picture >= 0).all() and (picture <= 1).all() and (cover.sum((1, 2, 3)) > 0).all())
        self.assertTrue(torch.equal(picture, composer(labels)[0]))


class Captions(unittest.TestCase):
    def test_captions_are_true_of_their_scene_and_end_with_the_highest_id(self):
        labels = sample_labels(4, 0, 2000)
        ids, stated = Grammar()(labels, 9, 0)
        self.assertTrue(truth(labels[:300], {k: v[:300] for k, v in stated.items()}).diagonal().all())
        self.assertEqual(set(ids.max(1).values.tolist()), {vocabulary()["<eot>"]})
        self.assertEqual(ids.shape[1], CONTEXT)

    def test_a_drawn_caption_survives_encoding(self):
        ids, _ = Grammar()(sample_labels(4, 0, 100), 9, 0)
        self.assertTrue(torch.equal(encode(describe(ids)), ids))

    def test_unknown_words_get_the_unknown_id(self):
        self.assertEqual(encode(["a zeppelin!"])[0, :4].tolist(), [2, vocabulary()["a"], 1, vocabulary()["<eot>"]])


if __name__ == "__main__":
    unittest.main()
