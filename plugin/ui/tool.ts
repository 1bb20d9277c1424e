/** What marks are made with, and what they say. */

export type Tool = 'point' | 'box' | 'brush' | 'lasso';

export type Label = 'inside' | 'outside';
