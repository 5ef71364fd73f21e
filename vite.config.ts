import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// Each page is built into `dist/` beside its sources: `--mode scene`, `console` or `pair`.
// Relative addresses, so that the engine may serve a page under any path.
const PAGES: Record<string, string> = { scene: 'scenes/web', console: 'adaptivevr/console/web', pair: 'adaptivevr/console/pair' };

export default defineConfig(({ mode }) => {
  const folder = PAGES[mode];
  const here = fileURLToPath(new URL('.', import.meta.url));
  return {
    root: folder ? `${here}${folder}` : here,
    base: './',
    publicDir: 'public',
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0, // the page's policy forbids data: scripts, and one file is easier to cache
      chunkSizeWarningLimit: 900,
    },
    test: {
      root: here,
      include: ['scenes/web/test/*.test.ts', 'adaptivevr/console/*/test/*.test.ts'],
    },
  };
});
