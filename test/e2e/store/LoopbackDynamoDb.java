import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * DynamoDB Local on 127.0.0.1 and a port that is free. Its own command line knows a port and no address, and listens on every
 * interface of the machine. Says "ready <port>", and ends when its standard input does: with the program that started it.
 */
public class LoopbackDynamoDb {
  public static void main(String[] arguments) throws Exception {
    String[] options = {"-inMemory", "-disableTelemetry"};
    DynamoDBProxyServer local = ServerRunner.createServerFromCommandLineArgs(options);
    var field = DynamoDBProxyServer.class.getDeclaredField("server");
    field.setAccessible(true);
    Connector[] connectors = ((Server) field.get(local)).getConnectors();
    if (connectors.length != 1) throw new IllegalStateException("one connector was expected");
    ServerConnector connector = (ServerConnector) connectors[0];
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    local.safeStart();
    System.out.println("ready " + connector.getLocalPort());
    while (System.in.read() != -1) {}
    System.exit(0);
  }
}
