#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// Lesson 20: where may input be split? Grows from 18_real_loop.
// Question: A client sends its request in pieces, and cuts it inside a word and between CR and LF.
//   The last piece also has the beginning of the next request. When is the first request done?
// Predict:
//   after "\nHost: x\r\n\r": Done /a
//   after "\nGET /b HTTP": Done /a, NeedMore
//   after "\nGET /b HTTP": Rejected
// Picture: lanes
// Expected output:
//   after "GET /a HT": NeedMore
//   after "TP/1.1\r": NeedMore
//   after "\nHost: x\r\n\r": NeedMore
//   after "\nGET /b HTTP": Done /a, NeedMore
//   after "/1.1\r\nHost: x\r\n\r\n": Done /b
//   after "GET /c HTTP/1.1\n": Rejected BareLineFeed
using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Reactor;
using Reactor.Http.Protocol;
using Reactor.Net;

string[] pieces =
[
    "GET /a HT", "TP/1.1\r", "\nHost: x\r\n\r", "\nGET /b HTTP", "/1.1\r\nHost: x\r\n\r\n",
    "GET /c HTTP/1.1\n",
];
EventLoop.Run(Main);

async Coroutine Main()
{
    LoopServer server = await EventLoop.Current.StartServer(Serve, "127.0.0.1", 0);
    await using (Connection client = await Connection.OpenAsync(server.EndPoints[0]))
    {
        foreach (string piece in pieces)
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes(piece));
            byte[] status = await client.ReadLineAsync(); // the server has parsed it: no sleep
            string text = piece.Replace("\r", "\\r").Replace("\n", "\\n");
            Console.WriteLine($"after \"{text}\": {Encoding.ASCII.GetString(status).TrimEnd()}");
        }
    }

    server.Close();
    await server.WaitClosedAsync();
}

async Coroutine Serve(Connection connection)
{
    var parser = new RequestParser();
    var head = new RequestHead();
    while (parser.Rejection == Rejection.None)
    {
        ReadResult read = await connection.Input.ReadAsync();
        if (read.IsCompleted) return;
        ReadOnlySequence<byte> rest = read.Buffer;
        List<string> found = [];
        ParseStatus status = ParseStatus.Done;
        while (status == ParseStatus.Done && !rest.IsEmpty)
        {
            status = parser.Parse(rest, head, out SequencePosition end);
            rest = rest.Slice(end); // NeedMore and Rejected consume nothing
            found.Add($"{status} {(status == ParseStatus.Done ? Path(head) : Reason())}".TrimEnd());
        }

        connection.Input.AdvanceTo(rest.Start, rest.End); // keep the rest, wait for more
        await connection.WriteAsync(Encoding.ASCII.GetBytes(string.Join(", ", found) + "\n"));
    }

    string Reason() => parser.Rejection == Rejection.None ? "" : parser.Rejection.ToString();
}

static string Path(RequestHead head) => Encoding.ASCII.GetString(head.Path);
