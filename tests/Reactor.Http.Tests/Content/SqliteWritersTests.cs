using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Reactor.Http.Tests.Server;
using Reactor.Testing;

namespace Reactor.Http.Tests.Content;

/// <summary>
/// A database that blocks, behind a loop that must not: fifty clients insert through the one thread
/// of an executor, each row in a transaction of its own.
/// </summary>
public sealed class SqliteWritersTests
{
    private const int Writers = 50;
    private const int RowsEach = 20;
    private const int Rounds = 4;

    private static readonly TimeSpan s_lagMax = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    [Category("Measured")]
    [NonParallelizable]
    public void Fifty_writers_through_one_thread_leave_the_lag_below_20_ms(string driver)
    {
        string folder = Directory.CreateTempSubdirectory("reactor-sqlite-").FullName;
        var executor = new ThreadPoolExecutor(new() { Threads = 1, ThreadNamePrefix = "sqlite" });
        using var database = new SqliteConnection(
            $"Data Source={Path.Combine(folder, "rows.db")};Pooling=False");
        database.Open();
        Execute(database, "PRAGMA journal_mode = WAL");
        Execute(database, "CREATE TABLE rows (writer INTEGER, n INTEGER)");
        TimeSpan best = TimeSpan.MaxValue;
        try
        {
            // The first round compiles, and a busy machine delays the loop too: the best counts.
            for (int round = 0; round < Rounds; round++)
            {
                TimeSpan p99 = Measure(driver, executor, database);
                best = p99 < best ? p99 : best;
            }
        }
        finally
        {
            executor.Shutdown();
            executor.Completion.Wait(TimeSpan.FromSeconds(10));
            database.Close();
            Directory.Delete(folder, recursive: true);
        }

        TestContext.Out.WriteLine($"{driver}: lag p99 {best.TotalMilliseconds:F2} ms");
        Assert.That(best, Is.LessThanOrEqualTo(s_lagMax));
    }

    private static TimeSpan Measure(
        string driver, ThreadPoolExecutor executor, SqliteConnection database)
    {
        Execute(database, "DELETE FROM rows");
        using var server = new RealServer(driver, app => app.Post(
            "/{writer}/{n}",
            async request =>
            {
                int writer = request.MatchInfo.Get<int>("writer");
                int n = request.MatchInfo.Get<int>("n");
                await request.Loop.RunInExecutor(
                    () => Execute(database, $"INSERT INTO rows VALUES ({writer}, {n})"), executor);
                return new Response(204);
            }));
        var lags = new List<TimeSpan>();
        LoopTask ticker = server.OnLoop(() => EventLoop.Spawn(TickAsync(lags)));
        Write(server);
        server.OnLoop(() => ticker.Cancel());
        server.WaitUntilQuiet();
        var rows = new List<(long Writer, long Count, long Distinct)>();
        Read(
            database, "SELECT writer, COUNT(*), COUNT(DISTINCT n) FROM rows GROUP BY writer", rows);
        Assert.That(rows, Has.Count.EqualTo(Writers), "each writer has its rows");
        Assert.That(rows.Select(row => (row.Count, row.Distinct)), Is.All.EqualTo((20L, 20L)));
        lags.Sort();
        return lags[(int)Math.Ceiling(lags.Count * 0.99) - 1];
    }

    // How late a timer is: what any other handler of this loop would feel.
    private static async Coroutine TickAsync(List<TimeSpan> lags)
    {
        EventLoop loop = EventLoop.Current;
        while (true)
        {
            TimeSpan due = loop.Time + s_tick;
            await EventLoop.Delay(s_tick);
            lags.Add(loop.Time - due);
        }
    }

    // A client that fails leaves rows out.
    private static void Write(RealServer server)
    {
        Thread[] clients =
        [
            .. Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
            {
                using Socket socket = server.Connect();
                byte[] answer = new byte[1024];
                for (int n = 0; n < RowsEach; n++)
                {
                    RealServer.Send(
                        socket, $"POST /{writer}/{n} HTTP/1.1\r\nHost: test\r\n\r\n");
                    socket.Receive(answer, SocketFlags.None, out _);
                }
            })),
        ];
        foreach (Thread client in clients)
        {
            client.Start();
        }

        foreach (Thread client in clients)
        {
            Assert.That(client.Join(TimeSpan.FromSeconds(60)), "a client hangs");
        }
    }

    private static void Execute(SqliteConnection database, string sql)
    {
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Read(
        SqliteConnection database, string sql, List<(long Writer, long Count, long Distinct)> rows)
    {
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)));
        }
    }
}
