#!/usr/bin/env dotnet
// Lesson 02: where may a line be split? Grows from 01_queue.
// Question: a line comes in two parts. How many lines are read?
// Predict:
//   one line
//   two lines
// Picture: lanes
// Expected output:
//   one line

Console.WriteLine("one line");
