// The pictures that a new studio begins with: held-out scenes of the pocket models' world, 128 px.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../assets/demo/', import.meta.url);

export interface DemoPicture {
  readonly file: string;
  readonly name: string;
  readonly tags: readonly string[];
}

/** The first one is open in the demo session. */
export const DEMO_PICTURES: readonly DemoPicture[] = [
  { file: 'red-apple-forest-day.png', name: 'Red apple in a forest', tags: ['demo', 'food', 'day'] },
  { file: 'penguin-desert-day.png', name: 'Penguin in a desert', tags: ['demo', 'animal', 'day'] },
  { file: 'lion-city-sunset.png', name: 'Lion in a city at sunset', tags: ['demo', 'animal', 'sunset'] },
  { file: 'monkey-beach-sunset.png', name: 'Monkey on a beach at sunset', tags: ['demo', 'animal', 'sunset'] },
  { file: 'camel-beach-day.png', name: 'Camel on a beach', tags: ['demo', 'animal', 'day'] },
  { file: 'panda-space.png', name: 'Panda in space', tags: ['demo', 'animal', 'space'] },
  { file: 'ladybug-forest-day.png', name: 'Ladybug in a forest', tags: ['demo', 'animal', 'day'] },
  { file: 'horse-desert-day.png', name: 'Horse in a desert', tags: ['demo', 'animal', 'day'] },
  { file: 'fire-truck-city-night.png', name: 'Fire truck in a city at night', tags: ['demo', 'vehicle', 'night'] },
  { file: 'flamingo-snow-night.png', name: 'Flamingo in snow at night', tags: ['demo', 'animal', 'night'] },
  { file: 'duck-desert-day.png', name: 'Duck in a desert', tags: ['demo', 'animal', 'day'] },
  { file: 'orange-beach-sunset.png', name: 'Orange on a beach at sunset', tags: ['demo', 'food', 'sunset'] },
];

/** Side of every demo picture in pixels. */
export const DEMO_SIZE = 128;

export const readDemoPicture = ({ file }: DemoPicture): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(file, FOLDER)));
