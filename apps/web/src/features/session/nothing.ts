/** Shown while a part is loaded. A part without any would take the whole page away until it is there. */
export const nothing = () => null;
