import { beforeEach, expect, test } from 'vitest';
import type { Metadata } from './trace-event.js';
import { PID, Tracks } from './tracks.js';

let said: Metadata[];
let tracks: Tracks;
beforeEach(() => {
  said = [];
  tracks = new Tracks((event) => said.push(event));
});

test('slices that follow each other share a row; one that overlaps gets another, which is used again', () => {
  const a = tracks.row('x', 0, 0, 10);
  expect(tracks.row('x', 0, 10, 20)).toBe(a);
  const b = tracks.row('x', 0, 15, 30);
  expect(b).not.toBe(a);
  expect(tracks.row('x', 0, 25, 40)).toBe(a);
  expect(tracks.row('x', 0, 35, 50)).toBe(b);
});

test('tracks have rows of their own, none of them the process itself', () => {
  const rows = [tracks.row('x', 0, 0, 1), tracks.row('y', 1, 5, 6)];
  expect(new Set([...rows, PID]).size).toBe(3);
});

test('a row is named, and placed, once and before anything is on it', () => {
  tracks.row('x', 7, 0, 10);
  tracks.row('x', 7, 5, 10);
  tracks.row('x', 7, 10, 20);
  expect(said.map(({ name, args }) => [name, Object.values(args)[0]])).toEqual([
    ['thread_name', 'x'],
    ['thread_sort_index', 7],
    ['thread_name', 'x (2)'],
    ['thread_sort_index', 7],
  ]);
});
