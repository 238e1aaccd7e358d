using System.Net;
using Reactor;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Net;

namespace Browser.Tests;

/// <summary>
/// A server on a loop of its own thread: a page, and an address that tells what a form has.
/// </summary>
internal sealed class FormServer : IDisposable
{
    private readonly EventLoop _loop;
    private readonly HttpServer _http;
    private readonly LoopServer _server;
    private readonly Thread _thread;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reactor-forms-");

    public FormServer()
    {
        _loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Sockets() });
        var app = new Application();
        app.Get("/", _ => Response.Html("<!doctype html><title>forms</title>"));
        app.Get("/favicon.ico", _ => new Response());
        app.Post("/form", DescribeAsync);
        _http = app.MakeHandler();
        _server = _loop.CreateServer(_http, [new IPEndPoint(IPAddress.Loopback, 0)]);
        _thread = new Thread(_loop.RunForever) { IsBackground = true, Name = "forms" };
        _thread.Start();
    }

    public string Url => $"http://{_server.EndPoints[0]}/";

    public void Dispose()
    {
        _loop.CallSoonThreadSafe(() =>
            _loop.CreateTask(_http.ShutdownAsync(_server)).AddDoneCallback(_ => _loop.Stop()));
        _thread.Join();
        _loop.Close();
        _folder.Delete(recursive: true);
    }

    private async Coroutine<Response> DescribeAsync(Request request)
    {
        FormValues form = await request.FormAsync(new() { Directory = _folder.FullName });
        string told = string.Concat(form.Select(field => $"{field.Key}={field.Value}\n"));
        foreach (FormFile file in form.Files)
        {
            string content = await EventLoop.ToThread(() => File.ReadAllText(file.Path));
            told += $"{file.Name}: {file.FileName}, {file.ContentType}, {content}\n";
        }

        return Response.Text(told);
    }
}
