// What the embedded pocket models understand: the words of the captions they were trained on.

export const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  animals: [
    'dog',
    'cat',
    'horse',
    'elephant',
    'tiger',
    'camel',
    'lion',
    'panda',
    'frog',
    'penguin',
    'owl',
    'butterfly',
  ],
  food: ['red apple', 'orange', 'strawberry', 'watermelon', 'pizza', 'hamburger', 'birthday cake'],
  'plants and things': ['sunflower', 'cactus', 'tree', 'balloon', 'umbrella', 'pumpkin', 'snowman'],
  'vehicles and buildings': ['red car', 'fire truck', 'rocket', 'sailboat', 'airplane', 'house', 'castle'],
};

export const PLACES = [
  'in the forest',
  'on the beach',
  'in the desert',
  'in the snow',
  'in a green field',
  'in the city',
  'in space',
] as const;

export const LIGHT = ['on a sunny day', 'at sunset', 'at night'] as const;

/** Edits that move the demo pictures visibly: another place or light is easier than another subject. */
export const EXAMPLES = [
  'a red apple in the forest at night',
  'a penguin in the snow at sunset',
  'a lion on the beach on a sunny day',
  'a fire truck in the desert on a sunny day',
  'a red apple in the snow',
] as const;
