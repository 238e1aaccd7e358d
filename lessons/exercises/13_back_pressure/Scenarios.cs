// What a buffer with two marks is asked: each crossing of a mark, and a producer that obeys it.
using Reactor.Learn;

public static class Scenarios
{
    private const int High = 10;
    private const int Low = 4;

    public static IEnumerable<Scenario> All =>
    [
        new("A write that ends above the high mark pauses the producer", log =>
        {
            WriteBuffer buffer = Make(log);
            buffer.Write(6);
            buffer.Write(6);
            log.Write($"size {buffer.Size}");
        })
        {
            Right = ["pause at 12", "size 12"],
            Wrong =
            {
                ["13.1"] = ["size 12"],
                ["13.5"] = ["size 12"],
            },
        },
        new("A size at the high mark is not above it", log =>
        {
            WriteBuffer buffer = Make(log);
            buffer.Write(High);
            log.Write($"size {buffer.Size}");
        })
        {
            Right = ["size 10"],
        },
        new("A paused producer is not paused again", log =>
        {
            WriteBuffer buffer = Make(log);
            buffer.Write(12);
            buffer.Write(1);
            buffer.Write(1);
            log.Write($"size {buffer.Size}");
        })
        {
            Right = ["pause at 12", "size 14"],
            Wrong =
            {
                ["13.1"] = ["size 14"],
                ["13.3"] = ["pause at 12", "pause at 13", "pause at 14", "size 14"],
                ["13.5"] = ["size 14"],
            },
        },
        new("The producer is resumed at the low mark, not before", log =>
        {
            WriteBuffer buffer = Make(log);
            buffer.Write(12);
            buffer.Sent(3);
            log.Write($"size {buffer.Size}");
            buffer.Sent(5);
            buffer.Sent(2);
            log.Write($"size {buffer.Size}");
        })
        {
            Right = ["pause at 12", "size 9", "resume at 4", "size 2"],
            Wrong =
            {
                ["13.1"] = ["size 9", "size 2"],
                ["13.2"] = ["pause at 12", "resume at 9", "size 9", "size 2"],
                ["13.4"] = ["pause at 12", "size 9", "size 2"],
                ["13.5"] = ["size 9", "size 2"],
                ["13.6"] = ["pause at 12", "size 9", "resume at 4", "resume at 2", "size 2"],
            },
        },
        new("A producer that was not paused is not resumed", log =>
        {
            WriteBuffer buffer = Make(log);
            buffer.Write(8);
            buffer.Sent(8);
            log.Write($"size {buffer.Size}");
        })
        {
            Right = ["size 0"],
            Wrong = { ["13.6"] = ["resume at 0", "size 0"] },
        },
        new("Eleven writes of a byte are eleven bytes", log =>
        {
            WriteBuffer buffer = Make(log);
            for (int i = 0; i < 11; i++)
            {
                buffer.Write(1);
            }
            buffer.Sent(8);
            log.Write($"size {buffer.Size}");
        })
        {
            Right = ["pause at 11", "resume at 3", "size 3"],
            Wrong =
            {
                ["13.1"] = ["size 3"],
                ["13.4"] = ["pause at 11", "size 3"],
                ["13.5"] = ["pause at 11", "size 3"],
            },
        },
        new("A producer that writes as soon as it is resumed is paused again", log =>
        {
            WriteBuffer buffer = Make(log, onResume: it => it.Write(12));
            buffer.Write(12);
            buffer.Sent(9);
            log.Write($"size {buffer.Size}");
        })
        {
            Right = ["pause at 12", "resume at 3", "pause at 15", "size 15"],
            Wrong =
            {
                ["13.1"] = ["size 3"],
                ["13.4"] = ["pause at 12", "size 3"],
                ["13.5"] = ["size 3"],
                ["13.7"] = ["pause at 12", "resume at 3", "size 15"],
            },
        },
        new("When the reader stops, at most one write is above the high mark", StoppedReader)
        {
            Schedules = true,
            Right = ["at most 16 bytes: True", "a resume for each pause: True"],
            Wrong =
            {
                ["13.1"] = ["at most 16 bytes: False", "a resume for each pause: True"],
                ["13.5"] = ["at most 16 bytes: False", "a resume for each pause: True"],
                ["13.6"] = ["at most 16 bytes: True", "a resume for each pause: False"],
            },
        },
    ];

    private static WriteBuffer Make(Log log, Action<WriteBuffer>? onResume = null)
    {
        WriteBuffer buffer = null!;
        buffer = new WriteBuffer(
            High,
            Low,
            () => log.Write($"pause at {buffer.Size}"),
            () =>
            {
                log.Write($"resume at {buffer.Size}");
                onResume?.Invoke(buffer);
            });
        return buffer;
    }

    // The schedule mixes writes of 4 to 6 bytes with sends; then only the producer goes on.
    private static void StoppedReader(Log log)
    {
        bool mayWrite = true;
        bool alternate = true;
        int most = 0;
        var buffer = new WriteBuffer(
            High,
            Low,
            () => mayWrite = false,
            () =>
            {
                alternate &= !mayWrite;
                mayWrite = true;
            });
        for (int step = 0; step < 200; step++)
        {
            if (step < 100 && log.Schedule.Next(2) == 0)
            {
                buffer.Sent(log.Schedule.Next(buffer.Size + 1));
            }
            else if (mayWrite)
            {
                buffer.Write(log.Schedule.Next(4, 7));
            }
            most = Math.Max(most, buffer.Size);
        }
        log.Write($"at most {High + 6} bytes: {most <= High + 6}");
        log.Write($"a resume for each pause: {alternate}");
    }
}
