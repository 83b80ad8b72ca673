// Tailwind writes the style sheet.
export default { plugins: { '@tailwindcss/postcss': {} } };
