// Fixtures run beside each other, because a test waits for its server for most of its time. A
// fixture that measures is [NonParallelizable]: it runs after the others, and alone.

[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
