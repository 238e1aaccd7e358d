#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
#:package Microsoft.Data.Sqlite
// A JSON API over SQLite, which blocks: its calls run on one thread of an executor. A client that
// has the newest version gets 304, one that overwrites a newer one 412. Its tests: TodoApi.Tests.
// Expected output:
//   Server started at http://127.0.0.1:8000...
//   Press Ctrl+C to stop.
// Server: http://127.0.0.1:8000
// POST /todos {"title":"tea","done":false} → 201 {"title":"tea","done":false,"id":1,"version":1}
// PUT /todos/1 {"title":"tea","done":true} → {"title":"tea","done":true,"id":1,"version":2}
// POST /todos {"title":"","done":true} → 422 …must have 1 to 200 characters…
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Reactor;
using Reactor.Http;

TodoApi.Make(args.FirstOrDefault(":memory:")).Run("127.0.0.1", 8000);

internal static class TodoApi
{
    public static Application Make(string file = ":memory:")
    {
        var database = new SqliteConnection($"Data Source={file};Pooling=False");
        var executor = new ThreadPoolExecutor(new() { Threads = 1, ThreadNamePrefix = "sqlite" });
        var app = new Application { CleanupContexts = { OpenDatabase } };
        app.Use(ConditionalResponses.AnswerAsync);
        app.Get("/todos/{id}", async Coroutine<Response> (request) => Answer(await Find(request)));
        app.Post("/todos", async Coroutine<Response> (request) =>
        {
            Todo todo = await request.JsonAsync(TodoJson.Default.Todo);
            return Answer((await Ask("INSERT INTO todo VALUES ($0, $1, NULL, 1) RETURNING *",
                todo.Title, todo.Done))!, 201);
        });
        app.Put("/todos/{id}", async Coroutine<Response> (request) =>
        {
            Todo todo = await request.JsonAsync(TodoJson.Default.Todo);
            Todo old = await Find(request);
            request.CheckPreconditions(new ETag($"{old.Version}"));
            return Answer(await Ask("UPDATE todo SET title=$0, done=$1, version=$3+1 "
                + "WHERE id=$2 AND version=$3 RETURNING *", todo.Title, todo.Done, old.Id,
                old.Version) ?? throw HttpException.Conflict());
        });
        return app;
        async Coroutine<Todo> Find(Request request) =>
            await Ask("SELECT * FROM todo WHERE id=$0", request.MatchInfo.Get<long>("id"))
            ?? throw HttpException.NotFound("There is no such todo.");
        Future<Todo?> Ask(string sql, params object[] args) => EventLoop.Current.RunInExecutor(() =>
        {
            using var command = new SqliteCommand(sql, database);
            command.Parameters.AddRange(args.Select((x, i) => new SqliteParameter($"${i}", x)));
            using SqliteDataReader row = command.ExecuteReader();
            return !row.Read() ? null
                : new Todo(row.GetString(0), row.GetBoolean(1), row.GetInt64(2), row.GetInt64(3));
        }, executor);
        async IAsyncEnumerable<Unit> OpenDatabase(Application app)
        {
            await EventLoop.Current.RunInExecutor(database.Open, executor);
            await Ask("CREATE TABLE IF NOT EXISTS todo(title,done,id INTEGER PRIMARY KEY,version)");
            yield return default; // The application serves until here.
            await EventLoop.Current.RunInExecutor(database.Dispose, executor);
            executor.Shutdown();
        }
    }
    private static Response Answer(Todo todo, int status = 200)
    {
        Response response = Response.Json(todo, TodoJson.Default.Todo, status);
        response.SetETag(new ETag($"{todo.Version}"));
        return response;
    }
}
internal sealed record Todo(string Title, bool Done, long Id = 0, long Version = 0) : IValidatable
{
    public void Validate(Validation check) => check.Require(
        Title.Length is > 0 and <= 200, "title", "must have 1 to 200 characters");
}
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Todo))]
internal sealed partial class TodoJson : JsonSerializerContext;
