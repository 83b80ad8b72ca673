"""Trains the tokenizer: python3 -m training.tessera_train_tokenizer --preset cpu --minutes 60."""
import argparse
import time

import torch
import torch.nn.functional as F

from . import losses
from .codebook import Codebook
from .device import mixed, setup
from .files import CHECKPOINTS, Clock, Log, load_safetensors, save_state
from .measure import held_out, reconstruct, reconstruction
from .models.titok import widened
from .models.tokenizer import tokenizer
from .optim import Average, Muon, learning_rate, split
from .png import plot, sheet
from .presets import TOKENIZER, VQGAN_HEAD
from .scenes import Composer, Labels

SLOW = {"decoder.ffn.0": 0.3, "decoder.conv_out": 0.1, "decoder.ln_post": 0.3}  # learning-rate factors of the direct-pixel head


class Trainer:
    def __init__(self, args):
        self.args, self.name = args, args.name
        self.c = dict(TOKENIZER[args.preset], **(VQGAN_HEAD if args.head == "vqgan" else {}))
        self.c.update({name: value for name, value in (("batch", args.batch), ("lr", args.lr)) if value})
        self.device = setup(args.device, args.threads, seed=0)
        self.composer, self.labels, self.log = Composer(self.device), Labels(1, self.device), Log(self.name)
        self.model = tokenizer(self.c).to(self.device)
        self.hints = losses.Hints(self.c["tokens"] * self.c["token_size"]).to(self.device)
        slow = {} if self.c.get("pixel_hidden") else SLOW
        self.muon_params, decayed, plain = split(self.model, ("quantize", *slow))
        groups = [dict(params=decayed, weight_decay=0.02, factor=1.0), dict(params=plain, weight_decay=0.0, factor=1.0),
                  dict(params=list(self.hints.parameters()), weight_decay=0.0, factor=1.0)]
        for start, factor in slow.items():
            groups.append(dict(params=[p for n, p in self.model.named_parameters() if n.startswith(start)], weight_decay=0.0, factor=factor))
        self.adam = torch.optim.AdamW(groups, lr=self.c["lr"], betas=(0.9, 0.98))
        self.muon = Muon(self.muon_params)
        self.average = Average([p for n, p in self.model.named_parameters() if not n.startswith("quantize")], self.c["average"])
        self.codebook = None if self.c.get("vae") else Codebook(self.model.quantize)
        self.step = self.images = 0
        self.quantising, spent = self.codebook is None, 0.0
        if args.from_export:
            self.model.load_state_dict(self.fitted(load_safetensors(args.from_export)))
            if self.codebook:
                self.codebook = Codebook(self.model.quantize)
                self.codebook.total *= 0.25
                self.codebook.count.fill_(0.25)
            self.average = Average(self.average.params, self.c["average"])
            self.quantising, self.step = True, 10 * self.c["quantise_from"]
        path = self.path()
        if path.exists() and not args.fresh:
            spent = self.load(torch.load(path, map_location=self.device))
        self.clock = Clock(args.minutes, 0.0 if args.restart_schedule else spent, args.until)

    def fitted(self, weights):
        """Weights of a head that looked at one cell, for one that looks at its neighbours, too."""
        name = "decoder.ffn.0.weight"
        if "head_kernel" in self.c and name in weights:
            weights[name] = widened(weights[name], self.c["head_kernel"])
        return weights

    def path(self):
        return CHECKPOINTS / f"{self.name}.pt"

    def save(self):
        save_state(self.path(), dict(config=self.c, model=self.model.state_dict(), hints=self.hints.state_dict(), adam=self.adam.state_dict(),
                                     muon=self.muon.buffers, average=self.average.values, count=self.average.count, codebook=self.codebook and self.codebook.state(),
                                     step=self.step, images=self.images, quantising=self.quantising, spent=self.clock.spent))

    def load(self, state):
        self.model.load_state_dict(state["model"])
        self.hints.load_state_dict(state["hints"])
        self.adam.load_state_dict(state["adam"])
        self.muon.buffers, self.average.values, self.average.count = state["muon"], state["average"], state["count"]
        if self.codebook:
            self.codebook = Codebook(self.model.quantize)
            self.codebook.load(state["codebook"])
        self.step, self.images, self.quantising = state["step"], state["images"], state["quantising"]
        self.log.say(f"resumed at step {self.step}, {state['spent'] / 60:.1f} minutes in")
        return state["spent"]

    def batch(self, progress):
        # The easy beginning is for new weights; a schedule that begins anew with known ones must not unlearn what it knows.
        known = self.args.from_export or self.args.restart_schedule
        narrow = max(0.0 if known else min(1.0, max(0.0, (0.18 - progress) / 0.08)), self.args.easy)
        labels = self.labels(self.images, self.c["batch"], narrow)
        self.images += len(labels)
        return (*self.composer(labels), labels)

    def start_codebook(self, progress):
        vectors = []
        with torch.no_grad(), mixed(self.device):
            while sum(map(len, vectors)) < 10 * self.c["codebook"]:
                z = self.model.encode(self.batch(progress)[0])
                vectors.append(F.normalize(z.float().permute(0, 2, 3, 1).flatten(0, 2), dim=-1))
        self.codebook.start(torch.cat(vectors))
        self.quantising = True
        self.log.say("codebook started by k-means")

    def tokens(self, image, progress):
        """Decoder input, unit vectors (a VAE's means) and commitment loss (a VAE's divergence). While training, some pictures bypass the codebook."""
        with mixed(self.device):
            z = self.model.encode(image)
        if self.codebook is None:
            sample, _, mean, divergence = self.model.quantize(z)
            return sample, mean, divergence
        if not self.quantising:
            unit = F.normalize(z, dim=1)
            return F.normalize(unit + 0.05 * torch.randn_like(unit), dim=1), unit, torch.zeros((), device=self.device)
        through, index, unit, chosen = self.model.quantize(z)
        share = min(1.0, 0.5 + 0.9 * progress)
        pick = (torch.rand(len(z), 1, 1, 1, device=self.device) < share).float()
        flat = unit.detach().permute(0, 2, 3, 1).flatten(0, 2)
        self.codebook.update(flat, index.flatten(), self.step % 50 == 0 and progress < 0.85)
        return pick * through + (1 - pick) * unit, unit, ((unit - chosen.detach()) ** 2).mean()

    def train_step(self, progress):
        c = self.c
        if self.step >= c["quantise_from"] and not self.quantising:
            self.start_codebook(progress)
        image, cover, labels = self.batch(progress)
        code, unit, commitment = self.tokens(image, progress)
        edges = 0.15 + 0.5 * progress
        if progress < c["full_from"] and not c.get("pixel_hidden"):
            cells = losses.choose_cells(cover, c["dec_patch"], c["keep"])
            with mixed(self.device):
                guess = self.model.decoder.pixels(self.model.decoder.states(code, cells))
            picture_loss = losses.on_cells(guess, image, cover, cells, c["dec_patch"], edges)
        else:
            with mixed(self.device):
                guess = self.model.decode(code)
            picture_loss = losses.on_picture(guess, image, cover, edges)
        hint, subject = self.hints(unit, image, cover, labels)
        borders = self.borders(code) if c.get("borders") and progress >= c["full_from"] else torch.ones((), device=self.device)
        loss = picture_loss + c.get("commitment", 0.25) * commitment + 0.12 * max(0.04, 1 - 2 * progress) * hint + c.get("borders", 0) * (borders - 1)
        self.adam.zero_grad(set_to_none=True)
        for p in self.muon_params:
            p.grad = None
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for g in self.adam.param_groups for p in g["params"]], 1.0)
        factor = learning_rate(progress, self.step, c["warmup"], c["hold"])
        for group in self.adam.param_groups:
            group["lr"] = c["lr"] * factor * group["factor"]
        self.adam.step()
        if self.muon_params:
            self.muon.step(1.5 * c["lr"] * factor)
        self.average.update()
        self.step += 1
        return torch.stack([picture_loss.detach(), commitment.detach(), subject.detach(), borders.detach()])

    def borders(self, code):
        """The border ratio of pictures from mixed tokens; half the batch will do."""
        with mixed(self.device):
            picture = self.model.decode(losses.mixed_tokens(code[:len(code) // 2].detach()))
        return losses.border_ratio(picture.float(), self.c["dec_patch"])

    def evaluate(self, count=256):
        self.average.swap()
        result = reconstruction(self.model, self.composer, count)
        self.average.swap()
        return result

    def picture(self):
        self.average.swap()
        pictures = next(held_out(self.composer, 48, 48))[0]
        guesses = reconstruct(self.model, pictures)
        sheet(CHECKPOINTS / f"{self.name}.png", [part[k:k + 12] for k in range(0, 48, 12) for part in (pictures, guesses)])
        self.average.swap()
        plot(CHECKPOINTS / f"{self.name}_plot.png", self.log.series("loss", "psnr"))

    def run(self):
        args = self.args
        self.log.say(f"{self.c} on {self.device}, {sum(p.numel() for p in self.model.parameters()) / 1e6:.2f} M parameters")
        total, seen, images, since, saved = 0.0, 0, self.images, time.monotonic(), time.monotonic()
        while True:
            progress = self.clock.tick()
            if progress >= 1:
                break
            total, seen = total + self.train_step(progress), seen + 1
            if self.step % args.report == 0:
                loss, commitment, subject, borders = (total / seen).tolist()
                now = time.monotonic()
                self.log.measure(step=self.step, progress=progress, loss=loss, commitment=commitment, subject=subject, borders=borders, rate=(self.images - images) / (now - since))
                total, seen, images, since = 0.0, 0, self.images, now
            if time.monotonic() - saved > args.save_every:
                self.save()
                self.log.measure(step=self.step, **self.evaluate())
                self.picture()
                saved = since = time.monotonic()
                images = self.images
        self.save()
        self.picture()
        self.log.measure(step=self.step, images=self.images, **self.evaluate(32 if args.quick else 1000))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="cpu", choices=TOKENIZER)
    parser.add_argument("--head", default="pixel", choices=["pixel", "vqgan"])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--name", default="tokenizer")
    parser.add_argument("--until", help="end the schedule at this time of day, e.g. 16:45, instead of after --minutes")
    parser.add_argument("--lr", type=float, help="instead of the preset's")
    parser.add_argument("--device")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--report", type=int, default=50, help="steps between log lines")
    parser.add_argument("--save-every", type=float, default=180, help="seconds between checkpoints")
    parser.add_argument("--from-export", help="safetensors to start from")
    parser.add_argument("--easy", type=float, default=0.0, help="share of easy scenes (one style, large, sharp) to the end")
    parser.add_argument("--quick", action="store_true", help="measure on 32 scenes only (smoke test)")
    parser.add_argument("--fresh", action="store_true", help="ignore a checkpoint of this name")
    parser.add_argument("--restart-schedule", action="store_true", help="keep the weights, begin the time schedule anew")
    Trainer(parser.parse_args()).run()


if __name__ == "__main__":
    main()
