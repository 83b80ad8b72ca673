"""The training loop shared by the encoders: time schedule, checkpoints, log. A subclass gives a loss and an evaluation."""
import argparse
import time

import torch

from .device import setup
from .files import CHECKPOINTS, Clock, Log, load_safetensors, save_state
from .optim import Average, Muon, learning_rate, split
from .png import plot
from .scenes import Composer, Labels
from .views import Views, load_tokenizer


class Training:
    kind, presets, seed, shown, mixes = "", {}, 0, ("loss",), False

    def __init__(self, args):
        self.args, self.name, self.c = args, args.name or self.kind, dict(self.presets[args.preset])
        self.c.update({name: value for name, value in (("batch", args.batch), ("lr", args.lr)) if value})
        self.device = setup(args.device, args.threads, self.seed)
        self.composer, self.labels, self.log = Composer(self.device), Labels(self.seed, self.device), Log(self.name)
        tokenizer = load_tokenizer(args.tokenizer, self.device) if args.share > 0 else None
        self.views = Views(self.composer, self.c.get("image", 128), tokenizer, args.share, args.mix if self.mixes else 0.0)
        self.model, self.helpers = self.build()
        self.model, self.helpers = self.model.to(self.device), self.helpers.to(self.device)
        if args.from_export:
            self.start_from(load_safetensors(args.from_export))
        self.muon_params, decayed, plain = split(self.model)
        groups = [dict(params=decayed, weight_decay=0.05), dict(params=plain + list(self.helpers.parameters()), weight_decay=0.0)]
        self.adam = torch.optim.AdamW(groups, lr=self.c["lr"], betas=(0.9, 0.98))
        self.muon = Muon(self.muon_params)
        self.average = Average(self.model.parameters(), self.c["average"])
        self.step = self.images = 0
        spent = 0.0
        if self.path().exists() and not args.fresh:
            spent = self.load(torch.load(self.path(), map_location=self.device))
        self.clock = Clock(args.minutes, 0.0 if args.restart_schedule else spent, args.until)

    def build(self):
        """(model, helper module that is not exported)"""
        raise NotImplementedError

    def start_from(self, weights):
        self.model.load_state_dict(weights)

    def loss(self, labels, progress):
        """(loss, {name: detached measurement})"""
        raise NotImplementedError

    def evaluate(self, count):
        raise NotImplementedError

    def path(self):
        return CHECKPOINTS / f"{self.name}.pt"

    def save(self):
        save_state(self.path(), dict(config=self.c, model=self.model.state_dict(), helpers=self.helpers.state_dict(), adam=self.adam.state_dict(),
                                     muon=self.muon.buffers, average=self.average.values, count=self.average.count, step=self.step,
                                     images=self.images, spent=self.clock.spent))

    def load(self, state):
        self.model.load_state_dict(state["model"])
        self.helpers.load_state_dict(state["helpers"])
        self.adam.load_state_dict(state["adam"])
        self.muon.buffers, self.average.values, self.average.count = state["muon"], state["average"], state["count"]
        self.step, self.images = state["step"], state["images"]
        self.log.say(f"resumed at step {self.step}, {state['spent'] / 60:.1f} minutes in")
        return state["spent"]

    def train_step(self, progress):
        labels = self.labels(self.images, self.c["batch"])
        self.images += len(labels)
        loss, shown = self.loss(labels, progress)
        self.adam.zero_grad(set_to_none=True)
        for p in self.muon_params:
            p.grad = None
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for g in self.adam.param_groups for p in g["params"]], 1.0)
        factor = learning_rate(progress, self.step, 100, 0.5)
        for group in self.adam.param_groups:
            group["lr"] = self.c["lr"] * factor
        self.adam.step()
        if self.muon_params:
            self.muon.step(1.5 * self.c["lr"] * factor)
        self.average.update()
        self.step += 1
        return torch.stack([shown[name] for name in self.shown])

    def measured(self, count):
        self.average.swap()
        self.model.eval()
        with torch.no_grad():
            result = self.evaluate(count)
        self.model.train()
        self.average.swap()
        self.log.measure(step=self.step, images=self.images, **result)

    def run(self):
        args = self.args
        self.log.say(f"{self.c} on {self.device}, {sum(p.numel() for p in self.model.parameters()) / 1e6:.2f} M parameters, "
                     f"tokenizer views: {self.views.tokenizer is not None}")
        total, seen, images, since = 0.0, 0, self.images, time.monotonic()
        saved = since
        while True:
            progress = self.clock.tick()
            if progress >= 1:
                break
            total, seen = total + self.train_step(progress), seen + 1
            if self.step % args.report == 0:
                now = time.monotonic()
                self.log.measure(step=self.step, progress=progress, rate=(self.images - images) / (now - since), **dict(zip(self.shown, (total / seen).tolist())))
                total, seen, images, since = 0.0, 0, self.images, now
            if time.monotonic() - saved > args.save_every:
                self.save()
                self.measured(32 if args.quick else 256)
                saved = since = time.monotonic()
                images = self.images
        self.save()
        self.measured(32 if args.quick else 1000)
        plot(CHECKPOINTS / f"{self.name}_plot.png", self.log.series("loss", "subject"))

    @classmethod
    def main(cls):
        parser = argparse.ArgumentParser()
        parser.add_argument("--preset", default="cpu", choices=cls.presets)
        parser.add_argument("--minutes", type=float, default=20)
        parser.add_argument("--name")
        parser.add_argument("--until", help="end the schedule at this time of day, e.g. 16:45, instead of after --minutes")
        parser.add_argument("--lr", type=float, help="instead of the preset's")
        parser.add_argument("--device")
        parser.add_argument("--threads", type=int, default=2)
        parser.add_argument("--batch", type=int)
        parser.add_argument("--report", type=int, default=50, help="steps between log lines")
        parser.add_argument("--save-every", type=float, default=180, help="seconds between checkpoints")
        parser.add_argument("--tokenizer", help="checkpoint or export folder of the tokenizer for reconstructed views")
        parser.add_argument("--share", type=float, default=0.5, help="share of reconstructed views; 0 for none")
        parser.add_argument("--mix", type=float, default=0.2, help="share of views decoded from the tokens of two scenes (CLIP and SigLIP)")
        parser.add_argument("--from-export", help="safetensors to start from")
        parser.add_argument("--quick", action="store_true", help="measure on 32 scenes only (smoke test)")
        parser.add_argument("--fresh", action="store_true", help="ignore a checkpoint of this name")
        parser.add_argument("--restart-schedule", action="store_true", help="keep the weights, begin the time schedule anew")
        cls(parser.parse_args()).run()
