#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// Forms. /contact reads a form as a whole, urlencoded or multipart. /upload takes the parts of a
// form as they arrive and writes files to temporary files, so that a file of a gigabyte needs no
// more memory than a small one. /try sends two files to /upload. Ctrl+C ends it.
//
// Expected output:
//   Server started at http://127.0.0.1:8000...
//   Press Ctrl+C to stop.
// Server: http://127.0.0.1:8000
// GET / → …<form action="/upload" method="post" enctype="multipart/form-data">…
// POST /contact name=Ada&age=36 → Ada is 36.
// POST /contact name=Ada&age=x → 400 400: The form field 'age' is not a valid Int32.
// POST /upload title=x → 415 415: The content is no form: Content-Type is not multipart/form-data.
// GET /try → title: two files; one.txt: 3 bytes, 039058C6…; two.txt: 100000 bytes, 9192C25B…
using System.Security.Cryptography;
using Reactor;
using Reactor.Http;

const string Page = """
    <!doctype html>
    <form action="/contact" method="post">
    <input name="name"> <input name="age" type="number"> <button>Send</button>
    </form>
    <form action="/upload" method="post" enctype="multipart/form-data">
    <input name="title"> <input name="file" type="file" multiple> <button>Upload</button>
    </form>
    """;

var app = new Application();
app.Get("/", _ => Response.Html(Page));
app.Post("/contact", async Coroutine<Response> (request) =>
{
    FormValues form = await request.FormAsync();
    return Response.Text($"{form.Get<string>("name")} is {form.Get<int>("age")}.");
});
app.Post("/upload", Upload, new RouteOptions { BodyBytesMax = 1L << 30 });
app.Get("/try", TryUpload);
app.Run("127.0.0.1", 8000);

// The files are deleted when the request ends; file.MoveToAsync(path) keeps one. The name that a
// client gives to a file is data: never make a path of it.
async Coroutine<Response> Upload(Request request)
{
    List<string> told = [];
    await foreach (MultipartPart part in request.ReadMultipart())
    {
        if (part.FileName is null)
        {
            told.Add($"{part.Name}: {await part.TextAsync()}");
            continue;
        }

        using FormFile file = await part.SpoolAsync();
        string hash = await EventLoop.ToThread(() => Hash(file.Path));
        told.Add($"{file.FileName}: {file.Length} bytes, {hash}");
    }

    return Response.Text(string.Join("; ", told));
}

static string Hash(string path)
{
    using FileStream content = File.OpenRead(path);
    return Convert.ToHexString(SHA256.HashData(content));
}

static async Task<Response> TryUpload(Request request)
{
    using var client = new HttpClient();
    using var form = new MultipartFormDataContent
    {
        { new StringContent("two files"), "title" },
        { new ByteArrayContent([1, 2, 3]), "file", "one.txt" },
        { new ByteArrayContent(new byte[100_000]), "file", "two.txt" },
    };
    using HttpResponseMessage answer =
        await client.PostAsync("http://127.0.0.1:8000/upload", form);
    return Response.Text(await answer.Content.ReadAsStringAsync());
}
