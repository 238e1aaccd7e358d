using Reactor.Net;
using Reactor.Tests.Semantics;

namespace Reactor.Tests.Net;

/// <summary>
/// Bytes that are in the buffer already cost no wait, so a client that sends many short lines at
/// once could have the whole turn: other tasks run after so many reads.
/// </summary>
public sealed class StreamFairnessTests
{
    private const int ReadsPerTurn = 1024;

    [Test]
    public void Other_work_runs_after_1024_lines_that_came_at_once() =>
        AssertPerTurn(async connection => await connection.ReadLineAsync());

    [Test]
    public void Other_work_runs_after_1024_reads_of_a_byte() =>
        AssertPerTurn(async connection => await connection.ReadAsync(new byte[1]));

    [Test]
    public void Other_work_runs_after_1024_exact_reads_of_a_byte() =>
        AssertPerTurn(async connection => await connection.ReadExactlyAsync(1));

    [Test]
    public void Other_work_runs_after_1024_reads_up_to_a_separator() =>
        AssertPerTurn(async connection => await connection.ReadUntilAsync("\n"u8.ToArray()));

    private static void AssertPerTurn(Func<Connection, Coroutine> read)
    {
        var ranAfter = new List<int>();
        StreamCuts.Tell(
            [StreamCuts.Bytes(new string('\n', 3 * ReadsPerTurn))],
            async (connection, _) =>
            {
                await read(connection); // and with it a block's worth of what has come
                int done = 1;
                Watch();
                for (; done < 3 * ReadsPerTurn; done++)
                {
                    await read(connection);
                }

                void Watch() => connection.Loop.CallSoon(() =>
                {
                    ranAfter.Add(done);
                    if (done < 3 * ReadsPerTurn)
                    {
                        Watch();
                    }
                });
            });

        Assert.That(
            ranAfter,
            Is.EqualTo(new[] { ReadsPerTurn, 2 * ReadsPerTurn, 3 * ReadsPerTurn }));
    }
}
