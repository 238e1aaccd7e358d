using System.Globalization;
using System.Net.Sockets;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// A real proxy in front of a server, in a process of its own; killed with the test, whatever
/// happens. It accepts bodies of any length, so that it is the server that refuses them.
/// </summary>
internal sealed class ProxyProcess : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _process;

    private ProxyProcess(Func<string, int, string[]> configure)
    {
        _folder = Directory.CreateTempSubdirectory("reactor-proxy-");
        if (!OperatingSystem.IsWindows())
        {
            // nginx started as root works as another user, and buffers bodies in this folder.
            _folder.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        }

        Port = LoopbackPort.FindFree();
        string[] command = configure(_folder.FullName, Port);
        _process = ChildProcess.Start(command[0], command[1..]);
        WaitUntilItListens();
    }

    /// <summary>Where it listens, on the loopback address.</summary>
    public int Port { get; }

    /// <summary>nginx, which keeps its connections to the server.</summary>
    /// <param name="backend">The port of the server.</param>
    /// <param name="requestBuffering">Whether it reads a body whole before it sends it on.</param>
    /// <param name="keepsClients">
    /// False: it announces no keep-alive to clients. Without buffering, nginx announces it in the
    /// head of an early response and then closes, because the rest of the body is unread; a client
    /// that reuses the connection at once loses its next request.
    /// </param>
    public static ProxyProcess Nginx(
        int backend, string requestBuffering, bool keepsClients = true)
    {
        string nginx = ExternalTool.Require("nginx", "nginx-light");
        return new ProxyProcess((folder, port) =>
        {
            string file = Path.Combine(folder, "nginx.conf");
            File.WriteAllText(file, $$"""
                daemon off; worker_processes 1; pid {{folder}}/pid; error_log {{folder}}/error crit;
                events { worker_connections 256; }
                http {
                  access_log off; client_max_body_size 0; large_client_header_buffers 8 32k;
                  client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy;
                  fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u;
                  scgi_temp_path {{folder}}/s;
                  upstream reactor { server 127.0.0.1:{{backend}}; keepalive 16; }
                  server {
                    listen 127.0.0.1:{{port}}; keepalive_requests 100000;
                    location / {
                      proxy_pass http://reactor; proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_request_buffering {{requestBuffering}};
                      {{(keepsClients ? "" : "keepalive_timeout 0;")}}
                    }
                  }
                }
                """);
            return [nginx, "-p", folder, "-c", file];
        });
    }

    /// <summary>HAProxy, which lends its connections to the server from client to client.</summary>
    /// <param name="backend">The port of the server.</param>
    public static ProxyProcess HAProxy(int backend)
    {
        string haproxy = ExternalTool.Require("haproxy", "haproxy");
        return new ProxyProcess((folder, port) =>
        {
            string file = Path.Combine(folder, "haproxy.cfg");
            File.WriteAllText(file, $"""
                global
                  maxconn 200
                  tune.bufsize 65536
                  tune.http.maxhdr 400
                defaults
                  mode http
                  option http-keep-alive
                  http-reuse always
                  timeout connect 10s
                  timeout client 20s
                  timeout server 20s
                frontend front
                  bind 127.0.0.1:{port}
                  default_backend back
                backend back
                  server reactor 127.0.0.1:{backend}

                """);
            return [haproxy, "-f", file];
        });
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void WaitUntilItListens() => Assert.That(
        () =>
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", Port);
                return "listens";
            }
            catch (SocketException)
            {
                return _process.HasExited
                    ? _process.Errors
                    : Port.ToString(CultureInfo.InvariantCulture);
            }
        },
        Is.EqualTo("listens").After(30_000, 20));
}
