import type { PluginHarness, TranslatorHarness } from '@satsim/core/testing';

const translator: TranslatorHarness = {
  kind: 'translator',
  name: '__name__',
  // Each sample is a whole input: files by path.
  samples: [
    { 'network.txt': '# __name__ 1\nshell LEO 6 11 780 86.4\nsite oslo 59.91 10.75\nsite quito -0.18 -78.47\n' },
    { 'network.txt': '# __name__ 1\nshell LEO 1 1 600 53\n' },
  ],
  // Inputs of this format with something wrong in them, each in another way.
  faulty: [
    { 'network.txt': '# __name__ 1\nsite oslo 159.91 10.75\n' },
    { 'network.txt': '# __name__ 1\nsite oslo north east\n' },
    { 'network.txt': '# __name__ 1\nshell LEO 0 1 600 53\n' },
  ],
};

export const harnesses: readonly PluginHarness[] = [translator];
