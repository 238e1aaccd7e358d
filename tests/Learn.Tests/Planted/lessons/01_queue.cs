#!/usr/bin/env dotnet
// Lesson 01: which entry comes first?
// Question: two entries are added to a queue.
// Which of them is taken first?
// Predict:
//   taken: b
//   taken: a
// Picture: lanes
// Expected output:
//   added: a
//   added: b
//   taken: a

var queue = new Queue<string>();
foreach (string entry in (string[])["a", "b"])
{
    queue.Enqueue(entry);
    Console.WriteLine($"added: {entry}");
}

Console.WriteLine($"taken: {queue.Dequeue()}");
